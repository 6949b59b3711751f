//! A running server: start is bind, open, serve; stop is refuse, drain, flush, deadline.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use passerelle_api::{ApiParts, Sayings, WebhookParts, Webhooks, mint, serve};
use passerelle_desk::{Desk, DeskParts, SETUP_KIND};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::failure::Failure;
use crate::house::House;
use crate::signals::{Asked, Signals};
use crate::terminal;

/// Edges of the histograms, seconds: from one cheap plugin call to one slow vendor.
const BUCKETS: &[f64] = &[25e-6, 50e-6, 100e-6, 250e-6, 1e-3, 5e-3, 25e-3, 100e-3, 0.5, 2.5, 10.0, 30.0];

/// A listener that holds its port, before anything slow is done.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::line(match error.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "`{address}` is taken by another program: stop it, or choose another address with --listen ADDRESS:PORT"
            ),
            std::io::ErrorKind::PermissionDenied => {
                format!("`{address}` needs more rights than this user has: choose a port above 1023 with --listen")
            }
            _ => format!("`{address}` cannot be listened on ({error}): choose another with --listen ADDRESS:PORT"),
        })
    })
}

/// Collects metrics from now on.
pub(crate) fn collect_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new().set_buckets(BUCKETS)?.install_recorder().context("metrics cannot be collected")
}

/// Serves until a signal asks to stop, then drains. `more` are addresses beside the house's own.
pub(crate) async fn serve(
    settings: &Settings,
    listener: TcpListener,
    house: House,
    metrics: PrometheusHandle,
    mut signals: Signals,
    more: Router,
) -> Result<(), Failure> {
    let (draining, closed) = (CancellationToken::new(), CancellationToken::new());
    let webhooks = Webhooks::start(WebhookParts {
        gateway: house.gateway.clone(),
        clock: house.clock.clone(),
        config: settings.webhooks.clone(),
    });
    let desk = Desk::start(DeskParts {
        store: house.store().clone(),
        clock: house.clock.clone(),
        ids: Arc::clone(house.gateway.ids()),
        config: settings.desk.clone(),
        mail: settings.mail.read().map_err(Failure::failed)?,
    });
    let sayings = Sayings::start(house.gateway.clone(), house.clock.clone());
    invite_first_admin(&house, &settings.public_url()).await.map_err(Failure::failed)?;
    let router = passerelle_api::router(ApiParts {
        webhook_retry_for: settings.webhooks.retry_for(),
        gateway: house.gateway.clone(),
        clock: house.clock.clone(),
        public_url: settings.public_url(),
        max_webhook_bytes: settings.gateway.max_request_bytes,
        limits: settings.limits.clone(),
        trusted_proxies: settings.server.trusted_proxies.clone(),
        live: settings.live.clone(),
        desk: desk.clone(),
        widget: settings.widget.clone(),
        draining: draining.clone(),
        metrics: Arc::new(move || {
            metrics.run_upkeep();
            metrics.render()
        }),
        version: env!("CARGO_PKG_VERSION"),
    });
    let router = router.merge(more);
    let limits = settings.server.connections.clone();
    let doors = tokio::spawn(serve::serve(listener, router, limits, closed.clone()));
    tracing::info!(address = %settings.server.listen, data = %settings.data.folder.display(), "serving");
    while signals.next().await == Asked::Reload {
        reload(&house).await;
    }
    tracing::info!(deadline_ms = settings.server.drain_timeout_ms, "draining");
    draining.cancel();
    closed.cancel();
    let now = CancellationToken::new();
    signals.second_ends(now.clone());
    let stop = async {
        let _ = doors.await;
        let deadline = settings.drain_timeout();
        let drained = (house.gateway.drain(deadline), webhooks.drain(deadline), desk.drain(deadline));
        tokio::join!(drained.0, drained.1, drained.2, sayings.drain(deadline));
    };
    tokio::select! {
        () = stop => tracing::info!("stopped"),
        () = tokio::time::sleep(settings.drain_timeout()) => tracing::warn!("stopped at the deadline; the rest goes on after the next start"),
        () = now.cancelled() => tracing::warn!("stopped at once; the rest goes on after the next start"),
    }
    Ok(())
}

/// While the house has no admin, whoever reads the terminal can become one: with a link that is good once and until the
/// next start. It is never logged.
async fn invite_first_admin(house: &House, base: &str) -> anyhow::Result<()> {
    if house.store().has_admin().await? {
        return Ok(());
    }
    let token = mint::token(SETUP_KIND)?;
    let (digest, now) = (passerelle_api::digest(token.reveal()), house.clock.now());
    let kept = house.store().write(move |tx| {
        Box::pin(async move {
            tx.set_agent_setup(digest, now);
            Ok(())
        })
    });
    kept.await?;
    terminal::complain(&format!(
        "There is no admin yet. Become one at {base}/workspace/setup#token={} (good once, until the next start)",
        token.reveal()
    ));
    Ok(())
}

async fn reload(house: &House) {
    match house.gateway.reload().await {
        Ok(found) => {
            tracing::info!(loaded = found.plugins, changed = found.integrations, "plugins and integrations read again")
        }
        Err(error) => tracing::error!(%error, "not everything was read again; what ran before goes on"),
    }
}
