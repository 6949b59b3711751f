//! passerelle-harness.
