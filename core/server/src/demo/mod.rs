//! `passerelle demo`: the real server with prepared settings, sample data and a channel emulator beside it.

mod companion;
mod guide;
mod plan;
mod seed;
mod shop;
mod staff;

use passerelle_model::id::AppId;
use passerelle_store::Key;

use crate::cli;
use crate::config;
use crate::failure::Failure;
use crate::house::House;
use crate::run;
use crate::signals::Signals;
use crate::{logging, terminal};
use companion::Companion;
use plan::Plan;
use seed::Seeded;
use shop::Shop;

/// Runs the demo until a signal ends it.
pub(crate) async fn run(demo: &cli::Demo) -> Result<(), Failure> {
    let plan = Plan::embedded()?;
    let settings = config::load(Some(&plan.settings), &demo.place.flags())?;
    logging::start(&settings.log);
    let signals = Signals::listen().map_err(Failure::failed)?;
    let listener = run::bind(settings.server.listen).await?;
    let metrics = run::collect_metrics()?;
    let companion = match demo.without_companion {
        true => None,
        false => Some(Companion::start(&plan.companion).await?),
    };
    let house = House::open(&settings, false).await?;
    let base = settings.public_url();
    let seeded = seed::plant(&house, &plan, &demo.plugins, &base, &settings.desk.seat_type).await?;
    let words = Words::new(&plan, &base, &seeded);
    introduce(&plan, &base, &seeded, &words);
    let shop = shop::routes(Shop {
        base,
        widget: seeded.widget,
        key: seeded.app_key.clone(),
        customers: plan.customers,
        clock: house.clock.clone(),
    });
    tokio::spawn(guide::follow(house.clone(), house.gateway.subscribe(), words));
    let result = run::serve(&settings, listener, house, metrics, signals, shop).await;
    if let Some(companion) = companion {
        companion.stop().await;
    }
    result
}

/// The commands to try, with everything filled in that is known.
struct Words {
    app: AppId,
    commands: Vec<(String, String)>,
}

impl Words {
    fn new(plan: &Plan, base: &str, seeded: &Seeded) -> Self {
        let (app, key) = (seeded.app.to_string(), &seeded.app_key);
        let fill = |line: &str| {
            let line = line.replace("{base}", base).replace("{app}", &app);
            line.replace("{key}", &key.id).replace("{secret}", key.secret.reveal())
        };
        let commands = plan.commands.iter().map(|command| (command.title.clone(), fill(&command.line))).collect();
        Self { app: seeded.app, commands }
    }
}

fn introduce(plan: &Plan, base: &str, seeded: &Seeded, words: &Words) {
    let say = |name: &str, text: &str| terminal::say(&format!("  {name:<16}{text}"));
    let key = |key: &Key| format!("{}:{}", key.id, key.secret.reveal());
    terminal::say("\nPasserelle is running. Stop it with Ctrl-C; the next start finds everything again.\n");
    say("shop", &format!("{base}/demo  (open it and write)"));
    say("workspace", &format!("{base}/workspace  (sign in as an agent, below)"));
    say("API", &format!("{base}/v2/apps/{}", seeded.app));
    say("health", &format!("{base}/readyz  {base}/metrics"));
    if !plan.companion.command.is_empty() {
        say("emulator", "http://127.0.0.1:9001");
    }
    for (name, id) in &seeded.integrations {
        say(name, &format!("integration {id}"));
    }
    terminal::say("\nKeys, written KEY:SECRET as `curl -u` takes them:");
    say("account", &key(&seeded.account));
    say("app", &key(&seeded.app_key));
    for agents in &seeded.agents {
        say("integration", &key(agents));
    }
    terminal::say("\nAgents, with their passwords:");
    for agent in &plan.agents {
        say(&agent.name, &format!("{}  {}", agent.email, agent.password));
    }
    terminal::say("\nThree things to try in another terminal:");
    for (number, (title, line)) in words.commands.iter().enumerate() {
        terminal::say(&format!("\n  {}. {title}\n     {line}", number + 1));
    }
    terminal::say("\nCONVERSATION is shown here, with the commands again, as soon as somebody has written.");
    terminal::say("");
}
