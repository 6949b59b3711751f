//! passerelle-test-support.
