//! passerelle-plugin-cli.
