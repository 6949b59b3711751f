//! The agents' door: who comes in, who may do what, and a ticket's life.

mod calls;
mod channel;
mod doors;
mod letters;
mod merge;
mod office;
mod plugins;
mod rules;
mod sign_in;
mod stream;
mod work;
