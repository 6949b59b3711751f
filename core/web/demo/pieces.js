// What the shop sells, were it real. Names are the same in every language; their words are in `words.js`.

export const pieces = [
  { id: "mug", name: "Écume", price: 28 },
  { id: "bowl", name: "Galet", price: 64 },
  { id: "vase", name: "Dune", price: 86 },
  { id: "teapot", name: "Phare", price: 118 },
  { id: "plate", name: "Marée", price: 42 },
  { id: "jug", name: "Brise", price: 74 },
];
