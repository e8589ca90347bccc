# Reads @DATASET@ into R, every table with the types that its schema gives it.
#
#   source("load.R")
#   case <- read_case(".")        # the folder of the release, its datapackage.json, or its zip
#   case$@FIRST@
#   attr(case, "citation")
#
# A named list of data frames comes back. Whole numbers are integer (numeric beyond 2^31), days Date, moments POSIXct in UTC, columns
# with a vocabulary factors with every term as a level, ordered where the terms are; all else is character,
# codes such as "007" too. No value is NA, and nothing but an absent value is: the text "NA" stays what it is.
# Character as well, since R has no type that holds them unchanged: times of day ("15:00:00"), moments without a
# time zone, exact decimals, whole numbers beyond 2^53, dates that are not known to the day (with the columns
# <name>_earliest and <name>_latest beside them), lists and JSON.
#
# Each column has the attributes "label" and "description", "unit" where it has one, and factors "labels" and
# "definitions" of their terms. Base R and the package jsonlite are all that is needed.
#
# Written by casetrail from the table schemas; changes belong there.

read_case <- local({
  dataset <- list(name = @NAME@, version = @VERSION@, title = @TITLE@, citation = @CITATION@)

  tables <- list(
@TABLES@
  )

  fail <- function(...) stop(paste0(...), call. = FALSE)

  folder_of <- function(path) {
    if (length(path) != 1L || is.na(path) || !file.exists(path)) {
      fail("there is no release at '", path, "'; give the folder that holds datapackage.json, or the zip")
    }
    if (!dir.exists(path) && grepl("[.]zip$", path, ignore.case = TRUE)) {
      folder <- tempfile("casetrail-")
      if (length(suppressWarnings(utils::unzip(path, exdir = folder))) == 0L) {
        fail("'", path, "' cannot be read as a zip; download it again")
      }
      path <- folder
      inner <- list.dirs(folder, recursive = FALSE)
      if (!file.exists(file.path(path, "datapackage.json")) && length(inner) == 1L) path <- inner
    } else if (!dir.exists(path)) {
      path <- dirname(path)
    }
    path
  }

  checked <- function(folder, path, md5) {
    file <- file.path(folder, path)
    if (!file.exists(file)) fail("'", path, "' is missing from '", folder, "'; download the release again")
    if (!is.na(md5) && !identical(unname(tools::md5sum(file)), md5)) {
      fail("'", path, "' in '", folder, "' was altered; download the release again")
    }
    file
  }

  # The cells of a CSV file, byte by byte: no locale, guess or conversion comes between.
  cells_of <- function(file, path, width) {
    bytes <- readBin(file, "raw", file.size(file))
    if (length(bytes) >= 3L && identical(bytes[1:3], as.raw(c(0xef, 0xbb, 0xbf)))) bytes <- bytes[-(1:3)]
    if (length(bytes) && bytes[length(bytes)] != as.raw(0x0a)) bytes <- c(bytes, as.raw(0x0a))
    quote <- bytes == as.raw(0x22)
    within <- cumsum(quote) %% 2L == 1L
    line <- bytes == as.raw(0x0a) & !within
    parting <- line | (bytes == as.raw(0x2c) & !within)
    ends <- which(line[parting])
    if (length(ends) == 0L || !identical(as.double(ends), as.double(width) * seq_along(ends))) {
      fail("'", path, "' has records with more or fewer than ", width, " cells")
    }
    # Of two quotation marks that mean one, the second stays; the byte 0xff is in no UTF-8 text.
    stays <- !quote | (within & c(FALSE, quote[-length(quote)]))
    stays <- stays & !(bytes == as.raw(0x0d) & c(line[-1L], FALSE))
    bytes[parting] <- as.raw(0xff)
    text <- rawToChar(bytes[stays])
    cells <- strsplit(text, rawToChar(as.raw(0xff)), fixed = TRUE, useBytes = TRUE)[[1L]]
    Encoding(cells) <- "UTF-8"
    matrix(cells, ncol = width, byrow = TRUE)
  }

  whole <- function(text, found) {
    if (any(abs(found) >= 2^53, na.rm = TRUE)) return(text)
    if (any(abs(found) > .Machine$integer.max, na.rm = TRUE)) return(found)
    as.integer(found)
  }

  # Read by jsonlite where it can, since R itself may miss the nearest double by the last bit.
  numbers <- function(text) {
    found <- suppressWarnings(as.numeric(sub("^([+-]?)INF$", "\\1Inf", text)))
    plain <- grepl("^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$", text)
    plain <- plain & !is.na(text) & grepl("[.eE]", text)
    if (any(plain)) {
      found[plain] <- as.numeric(jsonlite::fromJSON(paste0("[", paste(text[plain], collapse = ","), "]")))
    }
    found
  }

  moments <- function(text) {
    form <- "^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2}([.][0-9]+)?)(Z|[+-][0-9]{2}:[0-9]{2})$"
    part <- function(number) {
      found <- rep(NA_character_, length(text))
      good <- grepl(form, text)
      found[good] <- sub(form, paste0("\\", number), text[good])
      found
    }
    zone <- sub("Z", "+00:00", part(6L), fixed = TRUE)
    ahead <- as.numeric(substr(zone, 2L, 3L)) * 3600 + as.numeric(substr(zone, 5L, 6L)) * 60
    ahead <- ifelse(substr(zone, 1L, 1L) == "-", -ahead, ahead)
    days <- as.numeric(as.Date(part(1L), format = "%Y-%m-%d"))
    seconds <- as.numeric(part(2L)) * 3600 + as.numeric(part(3L)) * 60 + as.numeric(part(4L))
    .POSIXct(days * 86400 + seconds - ahead, tz = "UTC")
  }

  typed <- function(text, column) {
    switch(column$type,
      integer = whole(text, numbers(text)),
      number = numbers(text),
      boolean = ifelse(is.na(text), NA, text %in% column$true),
      date = as.Date(text, format = "%Y-%m-%d"),
      datetime = moments(text),
      factor = factor(text, levels = unname(column$labels), ordered = column$ordered),
      text
    )
  }

  described <- function(values, column) {
    attr(values, "label") <- column$label
    attr(values, "description") <- column$description
    attr(values, "unit") <- column$unit
    if (identical(column$type, "factor")) {
      attr(values, "labels") <- column$labels
      attr(values, "definitions") <- column$definitions
    }
    values
  }

  # What is worked out from other columns, and what the CSV writes in a form of its own.
  from_json <- function(folder, table) {
    file <- checked(folder, table$json, table$json_md5)
    records <- jsonlite::fromJSON(file, bigint_as_char = TRUE, simplifyVector = FALSE)
    as_text <- function(value) {
      if (is.null(value)) NA_character_ else if (is.double(value)) sprintf("%.17g", value) else as.character(value)
    }
    function(name) vapply(records, function(record) as_text(record[[name]]), "", USE.NAMES = FALSE)
  }

  read_table <- function(folder, table) {
    here <- Filter(function(column) !isTRUE(column$derived), table$columns)
    names_here <- vapply(here, function(column) column$name, "")
    cells <- cells_of(checked(folder, table$file, table$md5), table$file, length(here))
    if (!identical(cells[1L, ], names_here)) {
      fail("'", table$file, "' has other columns than this load.R knows; take both from one release")
    }
    cells <- cells[-1L, , drop = FALSE]
    later <- NULL
    columns <- list()
    for (column in table$columns) {
      place <- match(column$name, names_here)
      if (isTRUE(column$json) && !is.na(table$json)) {
        if (is.null(later)) later <- from_json(folder, table)
        text <- later(column$name)
        if (length(text) != nrow(cells)) {
          fail("'", table$json, "' and '", table$file, "' differ; take both from one release")
        }
      } else if (is.na(place)) {
        next
      } else {
        if (isTRUE(column$json)) column$type <- "text"
        text <- cells[, place]
        text[text %in% column$missing] <- NA_character_
      }
      columns[[length(columns) + 1L]] <- described(typed(text, column), column)
      names(columns)[length(columns)] <- column$name
    }
    structure(
      columns,
      class = "data.frame", row.names = .set_row_names(nrow(cells)),
      label = table$label, description = table$description
    )
  }

  function(path = ".") {
    if (!requireNamespace("jsonlite", quietly = TRUE)) {
      fail("the package jsonlite is needed: install.packages(\"jsonlite\")")
    }
    folder <- folder_of(path)
    found <- lapply(tables, function(table) read_table(folder, table))
    names(found) <- vapply(tables, function(table) table$name, "")
    for (name in names(dataset)) attr(found, name) <- dataset[[name]]
    found
  }
})
