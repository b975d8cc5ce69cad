/** All texts. Each page only loads the groups that it uses, because this is a namespace rather than an object. */

export * as texts from './all';
