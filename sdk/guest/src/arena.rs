//! The sandbox's heap: a fixed first half MiB, then `memory.grow`.
//!
//! A fresh instance is made for every call. Growing memory costs the host two `mprotect` calls each time, under one
//! lock for the whole process; a heap that begins in the module's own zeroed memory costs nothing until it is touched.
//! This triples the number of fresh calls per second (`docs/` has the figures).

#![expect(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::Layout;

use talc::base::Talc;
use talc::base::binning::Binning;
use talc::cell::TalcSyncCell;
use talc::source::Source;
use talc::wasm::WasmBinning;

const ARENA_BYTES: usize = 512 * 1024;
const PAGE_BYTES: usize = 64 * 1024;

static mut ARENA: [u8; ARENA_BYTES] = [0; ARENA_BYTES];

#[global_allocator]
static HEAP: TalcSyncCell<ArenaThenGrow, WasmBinning> = TalcSyncCell::new_wasm(ArenaThenGrow { arena_taken: false });

/// Where the heap's memory comes from.
#[derive(Debug)]
struct ArenaThenGrow {
    arena_taken: bool,
}

// SAFETY: `acquire` allocates nothing itself, and says `Ok` only after it claimed memory.
unsafe impl Source for ArenaThenGrow {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        let (start, bytes) = if talc.source.arena_taken {
            grow(layout)?
        } else {
            talc.source.arena_taken = true;
            ((&raw mut ARENA).cast(), ARENA_BYTES)
        };
        // SAFETY: the arena is named here only and claimed once; pages that were just grown belong to nobody yet.
        unsafe { talc.claim(start, bytes) }.map(|_| ()).ok_or(())
    }
}

/// New pages that surely hold the layout: its size and alignment, and a page's worth of the allocator's own words.
fn grow(layout: Layout) -> Result<(*mut u8, usize), ()> {
    let wanted = layout.size().checked_add(layout.align()).ok_or(())?;
    let pages = wanted.div_ceil(PAGE_BYTES) + 1;
    match core::arch::wasm32::memory_grow::<0>(pages) {
        usize::MAX => Err(()),
        old_pages => Ok(((old_pages * PAGE_BYTES) as *mut u8, pages * PAGE_BYTES)),
    }
}
