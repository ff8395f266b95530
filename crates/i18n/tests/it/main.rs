//! What the build script is made of, tried on folders.

#[path = "../../build/catalogue.rs"]
mod catalogue;
#[path = "../../build/languages.rs"]
mod languages;
#[path = "../../build/pack.rs"]
mod pack;
#[path = "../../src/plural.rs"]
mod plural;

#[cfg(test)]
mod folders;
#[cfg(test)]
mod plurals;
