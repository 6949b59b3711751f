//! passerelle-store.
