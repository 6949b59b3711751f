//! passerelle-e2e.
