//! The agents' door: who comes in, who may do what, and a ticket's life.

mod doors;
mod office;
mod rules;
mod sign_in;
mod stream;
mod work;
