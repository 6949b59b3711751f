//! The contract in Rust: generated from the same WIT files that plugin authors read.
//!
//! Everything is generated from the world `everything`, so that the types of all worlds are the same. Which exports a
//! component really has is found out per component, see `load`.

wasmtime::component::bindgen!({
    path: "../../sdk/wit/next",
    world: "everything",
    imports: {
        "passerelle:plugin/http.send": async | trappable,
        "passerelle:plugin/kv.get": async | trappable,
        "passerelle:plugin/kv.set": async | trappable,
        "passerelle:plugin/media.read": async | trappable,
        default: trappable,
    },
    exports: { default: async },
});
