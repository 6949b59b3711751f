//! The desk under torture: customers write and ask for people, agents accept, answer, note and close, and the gateway is
//! killed meanwhile. Afterwards the checker reads from outside what must hold between conversations and tickets.

mod customer;
mod office;
mod verdict;
mod worker;

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::lots::Lots;
use crate::rounds::Plan;
use customer::Customer;
use office::Office;
pub(crate) use verdict::DeskVerdict;
use worker::Worker;

/// Agents who answer.
const AGENTS: usize = 4;
/// A kill comes so many milliseconds after the start, start-up included.
const LIFE_MS: u64 = 1800;

/// Carries the plan out at the desk.
pub(crate) async fn run(plan: &Plan) -> Result<DeskVerdict> {
    let mut office = Office::build(plan.synchronous, plan.keep.clone(), AGENTS).await?;
    let mut lots = Lots::new(plan.seed, 0);
    let mut customers = Vec::new();
    for index in 0..plan.conversations {
        customers.push(Customer::new(&office, index, Lots::new(plan.seed, index as u64 + 1)).await?);
    }
    let mut workers: Vec<Worker> = (0..AGENTS)
        .map(|index| Worker::new(office.agents[index].clone(), index, Lots::new(plan.seed, 1000 + index as u64)))
        .collect();
    office.gateway.is_killed().await?;
    let mut verdict = DeskVerdict::default();
    for cycle in 1..=plan.cycles {
        (customers, workers) =
            cycle_once(&mut office, customers, workers, &mut lots).await.with_context(|| format!("cycle {cycle}"))?;
        if cycle % plan.check_every == 0 || cycle == plan.cycles {
            check(&mut office, &mut workers, &mut verdict)
                .await
                .with_context(|| format!("check after cycle {cycle}"))?;
        }
    }
    Ok(verdict)
}

/// One life of the gateway.
async fn cycle_once(
    office: &mut Office,
    customers: Vec<Customer>,
    workers: Vec<Worker>,
    lots: &mut Lots,
) -> Result<(Vec<Customer>, Vec<Worker>)> {
    office.gateway.spawns()?;
    let (tell_gone, gone) = watch::channel(false);
    let (mut writing, mut working) = (JoinSet::new(), JoinSet::new());
    for customer in customers {
        writing.spawn(customer.write_until(gone.clone()));
    }
    for worker in workers {
        working.spawn(worker.work_until(gone.clone()));
    }
    tokio::time::sleep(Duration::from_millis(lots.below(LIFE_MS))).await;
    office.gateway.is_killed().await?;
    tell_gone.send_replace(true);
    let (mut customers, mut workers) = (writing.join_all().await, working.join_all().await);
    customers.sort_by_key(|customer| customer.index);
    workers.sort_by_key(|worker| worker.index);
    Ok((customers, workers))
}

/// Lets the desk come to rest, and looks.
async fn check(office: &mut Office, workers: &mut [Worker], verdict: &mut DeskVerdict) -> Result<()> {
    office.gateway.starts().await?;
    for worker in workers.iter_mut() {
        if !worker.settle().await {
            verdict.note(format!("agent {} was still refused after the restart", worker.index));
        }
    }
    let desk = office.rests().await?;
    let words = workers.iter().map(|worker| worker.said.len()).sum();
    verdict.count(words, workers.iter().map(|worker| worker.accepted.len()).sum());
    for worker in workers.iter() {
        verdict.judge_words(&worker.said, &desk);
        verdict.judge_accepted(&worker.accepted, &desk);
    }
    verdict.judge_tickets(&desk);
    office.gateway.is_killed().await
}
