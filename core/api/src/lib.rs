//! passerelle-api.
