//! End-to-end tests of the real binary. They are in `tests/it`; their vocabulary is `passerelle-test-support`.
