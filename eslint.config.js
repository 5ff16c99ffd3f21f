// Filled in the next commit; type-aware rules and the arrows between the parts live here.
module.exports = [];
