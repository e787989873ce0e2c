// npm's smpp under load, for bench_load: an SMSC that prints its port, and a
// client that prints how many messages were answered.
//
//	node node_load.js serve
//	node node_load.js send PORT WINDOW SECONDS
'use strict';
const smpp = require(process.env.NODE_SMPP);

const [mode, port, window, seconds] = process.argv.slice(2);

function serve() {
	let n = 0;
	const server = smpp.createServer((session) => {
		session.on('pdu', (pdu) => {
			if (pdu.command === 'submit_sm')
				session.send(pdu.response({
					message_id: (++n).toString(16)}));
			else if (pdu.isResponse === undefined ||
				!pdu.isResponse())
				session.send(pdu.response());
		});
		session.on('error', () => {});
	});
	server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

function send() {
	const session = smpp.connect({host: '127.0.0.1', port: +port});
	const message = {source_addr: 'ACME', destination_addr: '491701234567',
		short_message: 'Hello'};
	let n = 0, open = 0, end;
	const more = () => {
		if (Date.now() >= end) {
			console.log(n);
			process.exit(0);
		}
		for (; open < +window; open++)
			session.submit_sm(message, () => {
				n++;
				open--;
				more();
			});
	};
	session.bind_transmitter({system_id: 'a', password: ''}, () => {
		end = Date.now() + seconds * 1000;
		more();
	});
}

({serve, send})[mode]();
