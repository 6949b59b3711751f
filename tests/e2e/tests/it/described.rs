//! The published description, read by programs that know nothing else of us: one says whether it is OpenAPI 3.1 at all,
//! the other makes up some thousand calls of it and holds the answers against it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use passerelle_test_support::gateway::{Access, Gateway, Setup};
use passerelle_test_support::process::run;
use passerelle_test_support::script::Official;
use passerelle_test_support::seed;

/// Time for Schemathesis on a slow, loaded machine; it takes about a minute on a free one.
const PATIENCE: Duration = Duration::from_secs(400);
/// The same calls every time.
const SEED: &str = "1";

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_sound_openapi() -> Result<()> {
    let (gateway, _) = gateway().await?;
    let url = format!("{}/openapi.json", gateway.base());
    let answer = gateway.client().send("GET", &url, &[], Default::default()).await?;
    let file = gateway.data().join("openapi.json");
    std::fs::write(&file, answer.text())?;
    let mut validator = Official::Python.interpreter().await?;
    run(validator.args(["-m", "openapi_spec_validator"]).arg(&file), PATIENCE).await?.success()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_calls_get_the_answers_that_the_description_promises() -> Result<()> {
    let (mut gateway, account) = gateway().await?;
    let url = format!("{}/openapi.json", gateway.base());
    let mut program = Official::Python.interpreter().await?;
    program.args(["-m", "schemathesis.cli", "--config-file"]);
    program.arg(Official::Python.folder().join("schemathesis.toml"));
    program.args(["run", &url, "--auth", &format!("{}:{}", account.key, account.secret), "--seed", SEED]);
    // The app of these calls has to outlive them.
    program.args(["--exclude-operation-id", "DeleteApp", "--continue-on-failure", "--no-color"]);
    let finished = run(program.env("APP", &account.app).current_dir(gateway.data()), PATIENCE).await?;
    ensure!(finished.status.success(), "{}\n{}", finished.stdout, finished.stderr);
    let calls = calls_in(&finished.stdout).with_context(|| format!("no count in {}", finished.stdout))?;
    ensure!(calls > 1000, "only {calls} calls were made");
    gateway.stops().await?;
    Ok(())
}

/// A gateway that runs, with an app, a key of the account, and limits that these calls do not meet.
async fn gateway() -> Result<(Gateway, Access)> {
    let mut gateway = Gateway::prepare(&Setup::default())?;
    for class in ["READ", "WRITE", "UPLOAD", "ADMIN", "ADDRESS", "FAILURE"] {
        gateway.set(&format!("PASSERELLE__LIMITS__{class}__PER_SECOND"), Some("1000000"));
        gateway.set(&format!("PASSERELLE__LIMITS__{class}__BURST"), Some("1000000"));
    }
    let app = seed::app(&gateway, "Described").await?;
    let account = seed::account_key(&gateway, &app).await?;
    gateway.starts().await?;
    Ok((gateway, account))
}

/// The number in the line `5059 generated, …`; warnings speak of generated things too.
fn calls_in(output: &str) -> Option<u32> {
    output.lines().find_map(|line| line.split_once(" generated")?.0.trim().parse().ok())
}
