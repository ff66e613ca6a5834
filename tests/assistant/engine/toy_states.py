"""Passage states in a dictionary, for tests without a disk."""

from assistant.engine.passage_states import StateKey


class ToyStates:
    """Keeps all; tells what was asked of it."""

    def __init__(self) -> None:
        self.kept: dict[StateKey, bytes] = {}
        self.dropped: list[StateKey] = []

    def load(self, key: StateKey) -> bytearray | None:
        return bytearray(self.kept[key]) if key in self.kept else None

    def keep(self, key: StateKey, state: bytes) -> None:
        self.kept[key] = state

    def drop(self, key: StateKey) -> None:
        self.dropped.append(key)
        self.kept.pop(key, None)

    def has(self, key: StateKey) -> bool:
        return key in self.kept
