"""How tests, benches and people drive the fake Zalo: /sandbox/…, never part of the real one."""
