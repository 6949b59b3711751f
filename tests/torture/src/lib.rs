//! passerelle-torture.
