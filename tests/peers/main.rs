//! Judged by others: Microsoft's official clients drive the built-in site round the whole circle of every
//! generation, Compute and failing jobs included, and every exchange is held against the public
//! swagger, as is every request of this program on the way. The peers are brought by `.ci/run`, which names them in the
//! environment; one that is missing is a failure.

mod arm_probe;
mod circle;
mod generations;
mod peer;
mod sent;
mod ssh;
