//! The binary from outside: what it prints, how it ends, what it serves.

mod answers;
mod archive;
mod process;
mod refusals;
mod webhooks;
