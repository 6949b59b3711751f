//! The plugin host from outside: real components, real sockets.
//!
//! The components are built by `make plugins test-plugins`; `PASSERELLE_PLUGINS_DIR` says where they are.

mod deciding;
mod egress;
mod hostile;
mod loading;
mod wasi;
mod world;
