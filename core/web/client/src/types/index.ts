export type * from "./common";
export type * from "./content";
export type * from "./house";
export type * from "./people";
export type * from "./rules";
export type * from "./stream";
export type * from "./tickets";
