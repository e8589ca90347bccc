startCopying();
startEvidence();
startAsOf();
startFilters();
startSearch();
startAddresses();
