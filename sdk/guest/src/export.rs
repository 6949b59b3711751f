//! Joins an author's type to the contract's exports. The macros export only what they name, so that the host sees the
//! abilities that a plugin really has.

use std::marker::PhantomData;

use crate::bindings::exports::passerelle::plugin as exports;
use crate::bindings::passerelle::plugin::types::{Activity, Context as RawContext};
use crate::{
    Account, Activities, Bot, Capabilities, Channel, Context, Decision, Download, Entry, Facts, Failure, MediaResolver,
    Native, Outbound, Outcome, Polled, Polling, Request, Router, Target, WebhookSetup, bot,
};

/// Carries an author's type across the contract; the macros make it.
pub struct Exported<T>(PhantomData<T>);

/// What every export does first: make panics visible to the operator.
fn enter() {
    #[cfg(target_arch = "wasm32")]
    {
        wit_bindgen::rt::maybe_link_cabi_realloc();
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| std::panic::set_hook(Box::new(|panic| crate::log::error(panic.to_string()))));
    }
}

/// Enters with the settings parsed.
fn enter_with<S: serde::de::DeserializeOwned>(context: RawContext) -> Result<Context<S>, Failure> {
    enter();
    Context::parse(context)
}

/// Enters for a call that answers with an outcome. Settings that do not parse are the operator's to mend: the message
/// waits instead of being lost.
fn outcome<S: serde::de::DeserializeOwned>(context: RawContext, call: impl FnOnce(&Context<S>) -> Outcome) -> Outcome {
    match enter_with(context) {
        Ok(cx) => call(&cx),
        Err(failure) => Outcome::retry(failure.message),
    }
}

impl<T: Channel> exports::channel::Guest for Exported<T> {
    fn describe() -> Capabilities {
        enter();
        T::capabilities()
    }

    fn receive(context: RawContext, request: Request) -> Result<exports::channel::Received, Failure> {
        Ok(exports::channel::Received { events: T::receive(&enter_with(context)?, request)? })
    }

    fn send(context: RawContext, outbound: Outbound) -> Outcome {
        outcome(context, |cx| T::send(cx, outbound))
    }
}

impl<T: Polling> exports::polling::Guest for Exported<T> {
    fn poll(context: RawContext, cursor: Option<String>) -> Result<Polled, Failure> {
        T::poll(&enter_with(context)?, cursor)
    }
}

impl<T: Activities> exports::activities::Guest for Exported<T> {
    fn send_activity(context: RawContext, target: Target, activity: Activity) -> Outcome {
        outcome(context, |cx| T::send_activity(cx, target, activity))
    }
}

impl<T: Native> exports::native::Guest for Exported<T> {
    fn send_native(context: RawContext, outbound: Outbound, payload: String) -> Outcome {
        outcome(context, |cx| T::send_native(cx, outbound, &payload))
    }
}

impl<T: WebhookSetup> exports::webhook_setup::Guest for Exported<T> {
    fn register(context: RawContext, url: String) -> Result<(), Failure> {
        T::register(&enter_with(context)?, &url)
    }

    fn unregister(context: RawContext) -> Result<(), Failure> {
        T::unregister(&enter_with(context)?)
    }
}

impl<T: MediaResolver> exports::media_resolver::Guest for Exported<T> {
    fn locate(context: RawContext, reference: String) -> Result<Download, Failure> {
        T::locate(&enter_with(context)?, &reference)
    }
}

impl<T: Account> exports::account::Guest for Exported<T> {
    fn check(context: RawContext) -> Result<Vec<Entry>, Failure> {
        T::check(&enter_with(context)?)
    }
}

impl<T: Bot> exports::bot::Guest for Exported<T> {
    fn on_event(
        context: RawContext,
        conversation: exports::bot::Conversation,
        state: Option<Vec<u8>>,
        event: exports::bot::Event,
    ) -> Result<exports::bot::Turn, Failure> {
        T::on_event(&enter_with(context)?, &conversation, bot::revive(state), event)?.into_raw()
    }
}

impl<T: Router> exports::router::Guest for Exported<T> {
    fn decide(context: RawContext, facts: Facts) -> Result<Decision, Failure> {
        T::decide(&enter_with(context)?, facts)
    }
}

/// Exports a [`Channel`](crate::Channel) with the optional abilities that are named.
///
/// ```
/// # use passerelle_sdk::prelude::*;
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// struct Pigeon;
/// # impl Channel for Pigeon {
/// #     type Settings = Settings;
/// #     fn capabilities() -> Capabilities { Capabilities::new("pigeon", TextLimit::graphemes(140)) }
/// #     fn receive(_: &Context<Settings>, _: Request) -> Result<Vec<InboundEvent>, Failure> { Ok(vec![]) }
/// #     fn send(_: &Context<Settings>, _: Outbound) -> Outcome { Outcome::sent("feather") }
/// # }
/// # impl Account for Pigeon {
/// #     fn check(_: &Context<Settings>) -> Result<Vec<Entry>, Failure> { Ok(vec![]) }
/// # }
/// passerelle_sdk::channel!(Pigeon: Account);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! channel {
    ($plugin:ty $(: $($ability:ident),+ $(,)?)?) => {
        const _: () = {
            fn offers<T: $crate::Channel $($(+ $crate::$ability)+)?>() {}
            let _ = offers::<$plugin>;
            #[cfg(target_arch = "wasm32")]
            type Plugin = $crate::Exported<$plugin>;
            $crate::__export_interface!(Plugin Channel);
            $($($crate::__export_interface!(Plugin $ability);)+)?
        };
    };
}

/// Exports a [`Bot`](crate::Bot).
#[macro_export]
macro_rules! bot {
    ($plugin:ty) => {
        const _: () = {
            fn offers<T: $crate::Bot>() {}
            let _ = offers::<$plugin>;
            #[cfg(target_arch = "wasm32")]
            type Plugin = $crate::Exported<$plugin>;
    $crate::__export_interface!(Plugin Bot);
        };
    };
}

/// Exports a [`Router`](crate::Router).
#[macro_export]
macro_rules! router {
    ($plugin:ty) => {
        const _: () = {
            fn offers<T: $crate::Router>() {}
            let _ = offers::<$plugin>;
            #[cfg(target_arch = "wasm32")]
            type Plugin = $crate::Exported<$plugin>;
    $crate::__export_interface!(Plugin Router);
        };
    };
}

/// Exports one interface of the contract, in the sandbox only: elsewhere its symbol names would upset the linker.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_interface {
    ($plugin:ident Channel) => {
        $crate::__export_interface!($plugin channel __export_passerelle_plugin_channel_0_1_0_cabi);
    };
    ($plugin:ident Polling) => {
        $crate::__export_interface!($plugin polling __export_passerelle_plugin_polling_0_1_0_cabi);
    };
    ($plugin:ident Activities) => {
        $crate::__export_interface!($plugin activities __export_passerelle_plugin_activities_0_1_0_cabi);
    };
    ($plugin:ident Native) => {
        $crate::__export_interface!($plugin native __export_passerelle_plugin_native_0_1_0_cabi);
    };
    ($plugin:ident WebhookSetup) => {
        $crate::__export_interface!($plugin webhook_setup __export_passerelle_plugin_webhook_setup_0_1_0_cabi);
    };
    ($plugin:ident MediaResolver) => {
        $crate::__export_interface!($plugin media_resolver __export_passerelle_plugin_media_resolver_0_1_0_cabi);
    };
    ($plugin:ident Account) => {
        $crate::__export_interface!($plugin account __export_passerelle_plugin_account_0_1_0_cabi);
    };
    ($plugin:ident Bot) => {
        $crate::__export_interface!($plugin bot __export_passerelle_plugin_bot_0_1_0_cabi);
    };
    ($plugin:ident Router) => {
        $crate::__export_interface!($plugin router __export_passerelle_plugin_router_0_1_0_cabi);
    };
    ($plugin:ident $interface:ident $export:ident) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the canonical ABI's entry points are extern functions")]
        const _: () = {
            $crate::bindings::exports::passerelle::plugin::$interface::$export!(
                $plugin with_types_in $crate::bindings::exports::passerelle::plugin::$interface
            );
        };
    };
}
