#[derive(Debug, clap::Parser)]
pub(crate) struct Settings {}
pub(crate) async fn run(_: &Settings) -> anyhow::Result<()> {
    Ok(())
}
