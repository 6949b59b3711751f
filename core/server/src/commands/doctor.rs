//! `passerelle doctor`: looks at an installation and says what may be wrong with it. Changes nothing unless it
//! is asked to retry what is parked.

use std::time::Duration;

use passerelle_model::time::Timestamp;
use passerelle_store::{Counts, IntegrationFilter, IntegrationStatus, Page};

use super::check::plugin_files;
use super::visit;
use crate::cli::Doctor;
use crate::config::Settings;
use crate::failure::Failure;
use crate::house::House;
use crate::terminal::say;

/// Bytes that should be free on the data folder's disk.
const FREE_BYTES: u64 = 512 * 1024 * 1024;
/// 2024-01-01: a clock before this was never set.
const PLAUSIBLE: Timestamp = Timestamp::from_millis(1_704_067_200_000);
/// A waiting delivery older than this is stuck.
const STUCK: Duration = Duration::from_secs(600);

/// Notes findings as they come.
struct Findings {
    faults: usize,
}

impl Findings {
    fn note(&mut self, is_good: bool, what: &str, advice: &str) {
        if is_good {
            say(&format!("ok    {what}"));
        } else {
            self.faults += 1;
            say(&format!("FAULT {what}: {advice}"));
        }
    }
}

/// Prints a line per finding; fails when one of them is a fault.
pub(super) async fn run(asked: &Doctor) -> Result<(), Failure> {
    let (settings, house) = visit(&asked.place).await?;
    if asked.retry_parked {
        let count = house.gateway.retry_parked(None).await.map_err(Failure::failed)?;
        say(&format!("{count} parked requests and turns are tried again"));
    }
    let mut findings = Findings { faults: 0 };
    let version = house.store().sqlite_version();
    findings.note(true, &format!("SQLite {version}"), "");
    database(&house, &mut findings).await?;
    let folder = settings.data.folder.display();
    let advice = "make room, or move the data folder to another disk";
    let free = free_bytes(&settings).await;
    findings.note(free.is_none_or(|free| free > FREE_BYTES), &format!("free space in `{folder}`"), advice);
    findings.note(house.clock.now() > PLAUSIBLE, "the clock", "it says a time in the past: set it");
    plugins(&settings, &house, &mut findings)?;
    integrations(&house, &mut findings).await?;
    let counts = house.store().counts(house.clock.now()).await.map_err(Failure::failed)?;
    work(&counts, &mut findings);
    house.store().close().await;
    match findings.faults {
        0 => Ok(()),
        count => Err(Failure::line(format!("{count} faults found"))),
    }
}

async fn database(house: &House, findings: &mut Findings) -> Result<(), Failure> {
    let problems = house.store().integrity().await.map_err(Failure::failed)?;
    let what = problems
        .first()
        .map_or_else(|| "integrity of the database".to_owned(), |first| format!("integrity of the database ({first})"));
    findings.note(problems.is_empty(), &what, "restore it from a backup");
    let writable = house.store().writable().await;
    findings.note(writable.is_ok(), "the database takes writes", "look at the rights and the space of the data folder");
    Ok(())
}

fn plugins(settings: &Settings, house: &House, findings: &mut Findings) -> anyhow::Result<()> {
    let loaded = house.gateway.plugins();
    let files = plugin_files(settings)?;
    let what = format!("{} of {} plugin files load", loaded.len(), files.len());
    findings.note(loaded.len() >= files.len(), &what, "`passerelle check` names the others");
    Ok(())
}

async fn integrations(house: &House, findings: &mut Findings) -> anyhow::Result<()> {
    let apps = house.store().apps(Page::first(100)).await?;
    for app in &apps.rows {
        let all = IntegrationFilter::default();
        for row in house.store().integrations(app.id, &all, Page::first(100)).await?.rows {
            let name = row.display_name.as_deref().or(row.plugin.as_deref()).unwrap_or("api client");
            let what = format!("integration {} ({name}) is {}", row.id, row.status.as_str());
            let reason = row.status_reason.as_deref().unwrap_or("no reason is known");
            findings.note(row.status != IntegrationStatus::Error, &what, reason);
            if row.plugin.is_some() && row.status == IntegrationStatus::Active {
                account(house, &row, findings).await;
            }
        }
    }
    Ok(())
}

/// Asks the vendor who we are, where the plugin can ask.
async fn account(house: &House, row: &passerelle_store::Integration, findings: &mut Findings) {
    match house.gateway.check_account(row.id).await {
        Ok(None) => {}
        Ok(Some(_)) => findings.note(true, &format!("integration {}: the vendor knows us", row.id), ""),
        Err(error) => {
            findings.note(false, &format!("integration {}: the vendor's account", row.id), &error.to_string());
        }
    }
}

fn work(counts: &Counts, findings: &mut Findings) {
    let age = Duration::from_micros(counts.oldest_delivery_age_us);
    let what = format!("{} deliveries wait, the oldest for {} s", counts.deliveries_pending, age.as_secs());
    findings.note(age < STUCK, &what, "look for warnings of their integration in the log");
    let what = format!("{} webhook requests were given up", counts.raw_dead);
    findings.note(
        counts.raw_dead == 0,
        &what,
        "their plugin failed on them; the log names the reason; repair it, then `doctor --retry-parked`",
    );
    let what = format!("{} bot turns are parked", counts.turns_parked);
    findings.note(
        counts.turns_parked == 0,
        &what,
        "their bot failed; install a repaired version, then `doctor --retry-parked`",
    );
    let what = format!("{} deliveries are uncertain", counts.deliveries_uncertain);
    findings.note(counts.deliveries_uncertain == 0, &what, "nobody knows whether they arrived; ask those customers");
}

/// Free bytes, as `df` of the system tells; nothing where there is none.
async fn free_bytes(settings: &Settings) -> Option<u64> {
    let df = tokio::process::Command::new("df").arg("-Pk").arg(&settings.data.folder).output().await.ok()?;
    let text = String::from_utf8(df.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
