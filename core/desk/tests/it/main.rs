//! The desk in front of a real database: the log goes in, tickets and offers come out.

mod automations;
mod house;
mod life;
mod mail;
mod offers;
mod queues;
mod search;
mod triggers;
mod work;
