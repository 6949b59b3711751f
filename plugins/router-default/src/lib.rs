//! router-default.
