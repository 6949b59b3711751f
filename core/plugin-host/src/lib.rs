//! passerelle-plugin-host.
