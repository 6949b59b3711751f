//! Pages and filters as clients of all ages write them into a query, recorded from those clients.

use anyhow::{Context, Result, ensure};
use passerelle_test_support::api::{Api, id_of};
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::seed;
use serde_json::{Value, json};

/// Who writes a query, the query, and the conversations that it finds: the first is 1. `{user}` and `{1}` … are ids.
const FOUND: &[(&str, &str, &[usize])] = &[
    (
        "Python 17.0.1",
        "page=%7B%22after%22%3A%20%22{1}%22%2C%20%22size%22%3A%201%7D&filter=%7B%22userId%22%3A%20%22{user}%22%7D",
        &[2],
    ),
    (
        "Python 17.0.1 with letters beyond ASCII",
        "page=%7B%22size%22%3A%202%7D&filter=%7B%22userExternalId%22%3A%20%22crm%204711%2F%5Cu00fc%22%7D",
        &[1, 2],
    ),
    ("Python 16.0.1", "page%5Bafter%5D={1}&page%5Bsize%5D=1&filter%5BuserId%5D={user}", &[2]),
    ("Python 15.5.2", "page%5Bbefore%5D={3}&page%5Bsize%5D=1&filter%5BuserId%5D={user}", &[2]),
    ("Python 14.4", "page[after]={2}&page[size]=25&filter[userId]={user}", &[3]),
    ("Java", "page%5Bafter%5D={1}&filter%5BuserExternalId%5D=crm+4711%2F%C3%BC", &[2, 3]),
    ("JavaScript 14.1.0 with its one key", "page%5Bafter%5D={1}&filter%5BuserId%5D={user}", &[2, 3]),
    ("JavaScript 12.5 with its one key", "page[before]={3}&filter[userId]={user}", &[1, 2]),
    (
        "JavaScript 9.4.1",
        "page=%7B%22after%22%3A%22{1}%22%2C%22size%22%3A1%7D&filter[userExternalId]=crm%204711%2F%C3%BC",
        &[2],
    ),
    ("curl", "page[size]=1&filter[userId]={user}&unknown=1&page[unknown]=2", &[1]),
    ("lower-case escapes", "page%5bafter%5d={2}&filter%5buserId%5d={user}", &[3]),
];

/// What is refused: the query and the title of the error.
const REFUSED: &[(&str, &str)] = &[
    ("filter[userId]={user}&page[after]={1}&page[before]={3}", "Invalid page query parameters"),
    ("filter[userId]={user}&page=%7B%22after", "Invalid page query parameters"),
    ("filter[userId]={user}&page[after]=tomorrow", "Invalid page query parameters"),
    ("filter[userId]={user}&page[size]=0", "Invalid page query parameters"),
    ("filter[userId]={user}&page[size]=101", "Invalid page query parameters"),
    ("filter=%7B%22userId%22", "Invalid query parameters"),
    ("page[size]=1", "Invalid query parameters"),
];

struct Archive {
    gateway: Gateway,
    api: Api,
    user: String,
    conversations: Vec<String>,
}

/// One user with three conversations.
async fn archive() -> Result<Archive> {
    let mut gateway = Gateway::prepare(&Setup::default())?;
    let access = seed::app(&gateway, "Encodings").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);
    let user = id_of(&api.create("/users", &json!({ "externalId": "crm 4711/ü" })).await?["user"])?;
    let mut conversations = Vec::new();
    for _ in 0..3 {
        let body = json!({ "type": "sdkGroup", "participants": [{ "userId": user }] });
        conversations.push(id_of(&api.create("/conversations", &body).await?["conversation"])?);
    }
    Ok(Archive { gateway, api, user, conversations })
}

impl Archive {
    fn path(&self, query: &str) -> String {
        let query = query.replace("{user}", &self.user);
        let ids = self.conversations.iter().enumerate();
        let query = ids.fold(query, |query, (index, id)| query.replace(&format!("{{{}}}", index + 1), id));
        format!("/conversations?{query}")
    }

    fn numbers(&self, answer: &Value) -> Result<Vec<usize>> {
        let rows = answer["conversations"].as_array().context("a list")?;
        let number = |row: &Value| self.conversations.iter().position(|id| row["id"] == **id).map(|index| index + 1);
        rows.iter().map(|row| number(row).with_context(|| format!("a stranger: {row}"))).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_of_all_clients_are_understood() -> Result<()> {
    let mut archive = archive().await?;
    for (sender, query, expected) in FOUND {
        let answer = archive.api.get(&archive.path(query)).await.with_context(|| format!("{sender}: {query}"))?;
        ensure!(archive.numbers(&answer)? == *expected, "{sender}: {query} found {:?}", archive.numbers(&answer)?);
    }
    for (query, title) in REFUSED {
        let answer = archive.api.call("GET", &archive.path(query), None).await?.expect(400).context(*query)?;
        assert_eq!(answer["errors"][0]["title"], *title, "{query}");
    }
    archive.gateway.stops().await
}
