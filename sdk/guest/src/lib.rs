//! passerelle-sdk.
