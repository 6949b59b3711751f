//! passerelle-bench.
