//! The real binary, seen from outside: a newcomer's walk, the official clients, a plugin author's tutorial, bad input, and
//! canaries.

mod bad_input;
mod bad_plugins;
mod bad_vendor;
mod canaries;
mod clients;
mod crowd;
mod described;
mod guide;
mod house;
mod native;
mod once;
mod tutorial;
mod uploads;
mod walk_through;
