/* All of the library at once: the one header that a program has to name. */
#ifndef SMPP_SMPP_H
#define SMPP_SMPP_H

/* Octets, text, JSON, errors, time: what the others are built of. */
#include "base/clock.h"
#include "base/decls.h"
#include "base/err.h"
#include "base/guess.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/hist.h"
#include "base/jsonw.h"
#include "base/rd.h"
#include "base/rng.h"
#include "base/sbuf.h"
#include "base/suggest.h"
#include "base/version.h"
#include "base/view.h"
#include "base/wr.h"

/* Octets found in what people paste. */
#include "hexin/hexin.h"

/* What a message centre is made of. */
#include "mc/mc.h"

/* Messages: long ones, receipts, ids. */
#include "msg/body.h"
#include "msg/dlr.h"
#include "msg/idmatch.h"
#include "msg/join.h"
#include "msg/pdunew.h"
#include "msg/sendable.h"
#include "msg/split.h"

/* Connections and sessions. */
#include "net/capture.h"
#include "net/cidr.h"
#include "net/client.h"
#include "net/conn.h"
#include "net/engine.h"
#include "net/io.h"
#include "net/listen.h"
#include "net/loop.h"
#include "net/session.h"
#include "net/timer.h"
#include "net/tls.h"

/* PDUs for people, for programs, for other languages. */
#include "show/foreign.h"
#include "show/lie.h"
#include "show/receipttext.h"
#include "show/show.h"

/* The codec and the protocol as tables. */
#include "smpp/dictionary.h"
#include "smpp/pdu.h"
#include "smpp/table.h"

/* Alphabets, headers, times, the text of receipts. */
#include "text/date.h"
#include "text/encoder.h"
#include "text/grapheme.h"
#include "text/receipt.h"
#include "text/smpptime.h"
#include "text/text.h"
#include "text/udh.h"
#include "text/utf.h"

#endif
