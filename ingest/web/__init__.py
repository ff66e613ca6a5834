"""From web addresses: pages, feeds and site maps, fetched with care."""
