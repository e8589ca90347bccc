startCopying();
startEvidence();
startClaims();
startAsOf();
startFilters();
startTimeline();
startSearch();
startAddresses();
