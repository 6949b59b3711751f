//! Large files on real sockets: many at once in little memory, one byte too many, and connections that are cut.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passerelle_test_support::gateway::{Access, Gateway, Setup};
use passerelle_test_support::process::resident_kib;
use passerelle_test_support::{seed, within};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const LARGEST: usize = 50 * 1024 * 1024;
static PIECE: [u8; 64 * 1024] = [b'x'; 64 * 1024];
const HEAD: &str = "--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.txt\"\r\n\r\n";
const TAIL: &str = "\r\n--b--\r\n";
/// How much the process may grow while files come in, KiB.
const GROWTH_KIB: u64 = 64 * 1024;

async fn house() -> Result<(Gateway, Access)> {
    let mut gateway = Gateway::prepare(&Setup::default())?;
    let access = seed::app(&gateway, "Files").await?;
    gateway.starts().await?;
    Ok((gateway, access))
}

/// Begins an upload of so many bytes.
async fn begin(access: &Access, size: usize) -> Result<TcpStream> {
    let address = access.base.strip_prefix("http://").context("a base")?;
    let mut stream = TcpStream::connect(address).await?;
    let credentials = STANDARD.encode(format!("{}:{}", access.key, access.secret));
    let length = HEAD.len() + size + TAIL.len();
    let head = format!(
        "POST /v2/apps/{}/attachments?access=public HTTP/1.1\r\nhost: x\r\nauthorization: Basic {credentials}\r\n\
         content-type: multipart/form-data; boundary=b\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{HEAD}",
        access.app
    );
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}

async fn write(stream: &mut TcpStream, mut bytes: usize) -> Result<()> {
    while bytes > 0 {
        let now = bytes.min(PIECE.len());
        stream.write_all(&PIECE[..now]).await?;
        bytes -= now;
    }
    Ok(())
}

/// Uploads so many bytes and gives the whole answer.
async fn upload(access: &Access, size: usize) -> Result<String> {
    let mut stream = begin(access, size).await?;
    write(&mut stream, size).await?;
    stream.write_all(TAIL.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn files(gateway: &Gateway) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(gateway.data().join("media"))?;
    entries.map(|entry| entry?.file_name().into_string().ok().context("a name")).collect()
}

async fn many_at_once(count: usize) -> Result<()> {
    let (mut gateway, access) = house().await?;
    ensure!(upload(&access, 1000).await?.starts_with("HTTP/1.1 201"));
    let process = gateway.process()?.id()?;
    let before = resident_kib(process)?;
    let uploads: Vec<_> = (0..count)
        .map(|_| {
            let access = access.clone();
            tokio::spawn(async move { upload(&access, LARGEST).await })
        })
        .collect();
    let all = async {
        for answer in uploads {
            let answer = answer.await??;
            ensure!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        }
        Ok(())
    };
    let mut all = std::pin::pin!(all);
    let mut highest = before;
    while tokio::time::timeout(Duration::from_millis(10), &mut all)
        .await
        .map_or(Ok(true), |ended| ended.map(|()| false))?
    {
        highest = highest.max(resident_kib(process)?);
    }
    let grown = highest - before;
    ensure!(files(&gateway)?.len() == count + 1);
    ensure!(grown < GROWTH_KIB, "{count} uploads at once took {grown} KiB");
    #[expect(clippy::print_stderr, reason = "the figure is what the long run is for")]
    {
        eprintln!("{count} uploads of {LARGEST} bytes at once: {grown} KiB more, of {before} KiB");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_large_uploads_at_once_take_little_memory() -> Result<()> {
    many_at_once(12).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes five gigabytes: run it by name"]
async fn a_hundred_large_uploads_at_once_take_little_memory() -> Result<()> {
    many_at_once(100).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_too_many_is_refused_and_a_cut_connection_leaves_nothing() -> Result<()> {
    let (gateway, access) = house().await?;
    let refused = upload(&access, LARGEST + 1).await?;
    ensure!(refused.starts_with("HTTP/1.1 413"), "{refused}");
    ensure!(refused.contains("payload_too_large") && !refused.to_lowercase().contains("retry-after"), "{refused}");
    for sent in [0, 1, 5000, 100_000, LARGEST / 2] {
        let mut stream = begin(&access, LARGEST).await?;
        write(&mut stream, sent).await?;
        drop(stream);
    }
    within(Duration::from_secs(15), "an empty folder", || async {
        let left = files(&gateway)?;
        Ok(left.is_empty().then_some(()))
    })
    .await
}
