"""Reading once, answering many: tokens in, tokens and logits out, over llama.cpp's sequences."""
