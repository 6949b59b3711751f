//! What a plugin is and may do, in sentences: what an admin reads before granting it anything.

use passerelle_plugin_host::{HostRef, Manifest, SecretSpec, Verification};

/// Sentences about the plugin. `exports` and `imports` are those of the component itself, not claims of the manifest.
pub(crate) fn sentences(manifest: &Manifest, exports: &[String], imports: &[String]) -> Vec<String> {
    let plugin = &manifest.plugin;
    let mut out = vec![
        format!(
            "{} `{}` {}: {}",
            plugin.world,
            plugin.id,
            plugin.version,
            described(&plugin.name, &plugin.description)
        ),
        format!("speaks contract {} and offers {}", plugin.contract, list(exports)),
    ];
    out.push(if imports.is_empty() { "uses no host ability".into() } else { format!("uses {}", list(imports)) });
    out.push(match &*manifest.permissions.hosts {
        [] => "reaches no host".into(),
        hosts => format!("wants to reach {}", hosts_in_words(hosts)),
    });
    out.extend(manifest.secrets.iter().map(|(name, spec)| secret(name, spec)));
    out.extend(manifest.channel.as_ref().map(|_| webhooks(manifest.verification.as_ref())));
    out
}

fn described(name: &str, description: &str) -> String {
    if description.is_empty() { name.to_owned() } else { format!("{name}. {description}") }
}

fn secret(name: &str, spec: &SecretSpec) -> String {
    let origin = match (spec.generate, spec.required) {
        (true, _) => "made by the host",
        (false, true) => "required",
        (false, false) => "optional",
    };
    match &*spec.hosts {
        [] => format!("secret `{name}` ({origin}) never leaves the host"),
        hosts => format!("secret `{name}` ({origin}) goes to {} only", hosts_in_words(hosts)),
    }
}

fn webhooks(verification: Option<&Verification>) -> String {
    match verification {
        None => "accepts no webhooks".into(),
        Some(recipe) => {
            let place = recipe.header.as_ref().or(recipe.parameter.as_ref());
            let place = place.map(|place| format!(" in `{place}`")).unwrap_or_default();
            format!("accepts webhooks that prove themselves with the secret `{}`{place}", recipe.secret)
        }
    }
}

fn hosts_in_words(hosts: &[HostRef]) -> String {
    let words: Vec<_> = hosts
        .iter()
        .map(|host| match host {
            HostRef::Host(pattern) => pattern.to_string(),
            HostRef::Setting(name) => format!("the host in setting `{name}`"),
        })
        .collect();
    list(&words)
}

fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_told_in_sentences() {
        let manifest = Manifest::parse(
            r#"
            [plugin]
            id = "channel-pigeon"
            name = "Pigeon"
            version = "0.2.0"
            world = "channel"
            contract = "0.1"
            description = "Carries notes."
            [channel]
            type = "pigeon"
            [permissions]
            hosts = ["https://loft.example", "setting:base"]
            [secrets.ring]
            required = true
            hosts = ["https://loft.example"]
            [secrets.seal]
            generate = true
            [verification]
            scheme = "shared-header"
            secret = "seal"
            header = "x-seal"
            [settings]
            type = "object"
            properties.base.type = "string"
            "#,
        )
        .expect("sound");
        let told = sentences(&manifest, &["channel".into(), "polling".into()], &["http".into()]);
        assert_eq!(
            told,
            [
                "channel `channel-pigeon` 0.2.0: Pigeon. Carries notes.",
                "speaks contract 0.1 and offers channel and polling",
                "uses http",
                "wants to reach https://loft.example and the host in setting `base`",
                "secret `ring` (required) goes to https://loft.example only",
                "secret `seal` (made by the host) never leaves the host",
                "accepts webhooks that prove themselves with the secret `seal` in `x-seal`",
            ]
        );
    }
}
