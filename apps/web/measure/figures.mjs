/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {number[]} values one for each round
 * @property {string} unit
 * @property {string} [reach] what the median should reach
 */
export {};
