//! The agents' door: who comes in, who may do what, and a ticket's life.

mod channel;
mod doors;
mod merge;
mod office;
mod rules;
mod sign_in;
mod stream;
mod work;
