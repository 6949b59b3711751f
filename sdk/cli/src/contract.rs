//! The plugin contract that this command embeds into components.

use anyhow::{Context as _, Result, anyhow};
use wit_parser::{Resolve, SourceMap, WorldId};

const FILES: [(&str, &str); 6] = [
    ("types.wit", include_str!("../../wit/next/types.wit")),
    ("host.wit", include_str!("../../wit/next/host.wit")),
    ("channel.wit", include_str!("../../wit/next/channel.wit")),
    ("bot.wit", include_str!("../../wit/next/bot.wit")),
    ("router.wit", include_str!("../../wit/next/router.wit")),
    ("worlds.wit", include_str!("../../wit/next/worlds.wit")),
];

/// The package that every interface of the contract belongs to.
pub(crate) const PACKAGE: &str = "passerelle:plugin";

/// The contract with one more world: the one that a module really has.
pub(crate) struct ContractWorld {
    /// All interfaces and worlds.
    pub(crate) resolve: Resolve,
    /// The module's own world.
    pub(crate) world: WorldId,
}

/// The contract's version, such as `0.1.0`.
pub(crate) fn version() -> &'static str {
    let (_, types) = FILES[0];
    let declared = types.lines().next().and_then(|line| line.split_once('@'));
    declared.map_or("", |(_, version)| version.trim_end_matches(';'))
}

/// The world that imports and exports these interfaces of the contract.
pub(crate) fn world_of<'a>(
    imports: impl IntoIterator<Item = &'a str>,
    exports: impl IntoIterator<Item = &'a str>,
) -> Result<ContractWorld> {
    let mut world = format!("package {PACKAGE}@{};\n\nworld built {{\n", version());
    for import in imports {
        world += &format!("    import {import};\n");
    }
    for export in exports {
        world += &format!("    export {export};\n");
    }
    world += "}\n";
    resolve(&world)
}

fn resolve(world: &str) -> Result<ContractWorld> {
    let mut sources = SourceMap::new();
    for (name, text) in FILES {
        sources.push_str(name, text);
    }
    sources.push_str("built.wit", world);
    let parsed = sources.parse().map_err(|(_, error)| anyhow!("{error}"))?;
    let mut resolve = Resolve::default();
    let package = resolve.push_group(parsed).map_err(|error| anyhow!("{error:?}"))?;
    let world = resolve.select_world(&[package], Some("built")).context("the contract lacks the world it was given")?;
    Ok(ContractWorld { resolve, world })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_of_some_interfaces_resolves() {
        assert_eq!(version().split('.').count(), 3, "`{}` is no version", version());
        let built = world_of(["log", "kv"], ["bot"]).expect("these interfaces are in the contract");
        let world = &built.resolve.worlds[built.world];
        assert_eq!(world.exports.len(), 1);
        assert!(world_of([], ["telepathy"]).is_err());
    }
}
