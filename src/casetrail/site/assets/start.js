startCopying();
startEvidence();
startAsOf();
startSearch();
startAddresses();
