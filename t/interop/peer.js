// npm's smpp on the other side.
//
//	node peer.js serve FIFO		an SMSC: takes any bind, answers each
//					submit_sm, sends a receipt if asked
//	node peer.js deliver FIFO	an SMSC that, bound, sends messages in
//					several alphabets, long ones in parts
//					and as payload, and prints the answers
//	node peer.js send PORT MODE TEXT...	an ESME: binds (transmitter,
//					receiver, transceiver), submits each
//					TEXT at once, prints what it gets
'use strict';
const fs = require('fs');
const smpp = require(process.env.NODE_SMPP);

const [mode, where, bind, ...texts] = process.argv.slice(2);
const say = (...words) => console.log(words.join(' '));

function text(pdu) {
	const m = pdu.message_payload || pdu.short_message;
	return m && m.message !== undefined ? m.message : m;
}

function receipt(session, pdu, id) {
	session.deliver_sm({
		source_addr: pdu.destination_addr,
		destination_addr: pdu.source_addr,
		esm_class: 4,
		short_message: `id:${id} sub:001 dlvrd:001 submit date:` +
			'2611211042 done date:2611211043 stat:DELIVRD err:000',
		receipted_message_id: id,
		message_state: 2,
	}, (resp) => say('deliver_sm_resp', resp.command_status));
}

// Parts of long messages, joined here as the client says they belong
// together: by user data header or by the sar TLVs.
const parts = new Map();

function place(pdu) {
	const m = pdu.short_message;
	for (const ie of (m && m.udh) || []) {
		if (ie[0] === 0)
			return {ref: ie[2], total: ie[3], seq: ie[4]};
		if (ie[0] === 8)
			return {ref: ie.readUInt16BE(2), total: ie[4],
				seq: ie[5]};
	}
	if (pdu.sar_total_segments)
		return {ref: pdu.sar_msg_ref_num,
			total: pdu.sar_total_segments,
			seq: pdu.sar_segment_seqnum};
	return {ref: -1, total: 1, seq: 1};
}

function joined(pdu) {
	const {ref, total, seq} = place(pdu);
	const key = [pdu.source_addr, pdu.destination_addr, ref].join();
	const have = parts.get(key) || [];
	have[seq - 1] = text(pdu);
	parts.set(key, have);
	if (have.filter((t) => t !== undefined).length < total)
		return;
	parts.delete(key);
	say('joined', total, JSON.stringify(have.join('')));
}

// What is answered to requests that are about messages.
const answers = {
	query_sm: (pdu) => ({message_id: pdu.message_id, message_state: 2,
		final_date: new Date(Date.UTC(2026, 10, 21, 10, 43))}),
	cancel_sm: (pdu) => ({command_status:
		pdu.message_id === 'npm-1' ? 0 : smpp.ESME_RCANCELFAIL}),
	replace_sm: (pdu) => {
		say(Buffer.from(text(pdu)).toString('hex'));
		return {};
	},
	data_sm: () => ({message_id: 'npm-d'}),
	submit_multi: (pdu) => {
		say(JSON.stringify(pdu.dest_address));
		return {message_id: 'npm-m', unsuccess_sme: [{dest_addr_ton: 0,
			dest_addr_npi: 0, destination_addr: '491702',
			error_status_code: 11}]};
	},
};

function serve() {
	let n = 0;
	const server = smpp.createServer((session) => {
		session.on('pdu', (pdu) => {
			if (/^bind_(receiver|transmitter|transceiver)$/
				.test(pdu.command)) {
				say(pdu.command, pdu.system_id, pdu.password,
					pdu.interface_version);
				session.send(pdu.response({system_id: 'npm',
					sc_interface_version: 0x34}));
			} else if (pdu.command === 'submit_sm') {
				const id = `npm-${++n}`;
				say('submit_sm', pdu.source_addr,
					pdu.destination_addr,
					JSON.stringify(text(pdu)));
				joined(pdu);
				session.send(pdu.response({message_id: id}));
				if (pdu.registered_delivery)
					receipt(session, pdu, id);
			} else if (answers[pdu.command]) {
				say(pdu.command, pdu.message_id,
					pdu.source_addr);
				session.send(pdu.response(
					answers[pdu.command](pdu)));
			} else if (pdu.command === 'unbind') {
				say('unbind');
				session.send(pdu.response());
			} else if (pdu.command === 'enquire_link') {
				session.send(pdu.response());
			}
		});
		session.on('error', () => {});
	});
	server.listen(0, '127.0.0.1', () =>
		fs.writeFileSync(where, `${server.address().port}\n`));
}

// Texts, each with what deliver_sm needs to carry it.
const messages = [
	{data_coding: 0, short_message: 'Hello @ _ $'},
	{data_coding: 8, short_message: 'Привет 👋'},
	{data_coding: 3, short_message: 'Grüße'},
	{data_coding: 4, short_message: Buffer.from('00ff10', 'hex')},
	{message_payload: 'p'.repeat(1000), short_message: ''},
	{esm_class: 0x40, data_coding: 8, short_message: {
		udh: Buffer.from('050003090201', 'hex'), message: 'Часть 1, '}},
	{esm_class: 0x40, data_coding: 8, short_message: {
		udh: Buffer.from('050003090202', 'hex'), message: 'часть 2'}},
	{sar_msg_ref_num: 3, sar_total_segments: 2, sar_segment_seqnum: 2,
		short_message: 'bar'},
	{sar_msg_ref_num: 3, sar_total_segments: 2, sar_segment_seqnum: 1,
		short_message: 'foo'},
];

function deliver() {
	const server = smpp.createServer((session) => {
		let open = messages.length;
		session.on('pdu', (pdu) => {
			if (!/^(bind_|unbind$|enquire_link$)/.test(pdu.command))
				return;
			session.send(pdu.response({system_id: 'npm'}));
			if (pdu.command === 'unbind')
				say('unbind');
			if (!pdu.command.startsWith('bind_'))
				return;
			for (const [i, m] of messages.entries())
				session.deliver_sm({source_addr: '4917',
					destination_addr: 'ACME', ...m},
				(r) => {
					say(i + 1, r.command_status);
					if (--open === 0)
						session.enquire_link();
				});
		});
		session.on('error', () => {});
	});
	server.listen(0, '127.0.0.1', () =>
		fs.writeFileSync(where, `${server.address().port}\n`));
}

function send() {
	const session = smpp.connect({host: '127.0.0.1', port: +where});
	let open = texts.length + (bind !== 'transmitter' ? 1 : 0);
	const done = () => {
		if (--open > 0)
			return;
		session.enquire_link({}, (resp) => {
			say('enquire_link_resp', resp.command_status);
			session.unbind({}, (r) => {
				say('unbind_resp', r.command_status);
				session.close();
			});
		});
	};
	session.on('deliver_sm', (pdu) => {
		say('deliver_sm', pdu.source_addr, pdu.destination_addr,
			text(pdu), pdu.message_state);
		session.send(pdu.response());
		done();
	});
	session[`bind_${bind}`]({system_id: 'acme', password: 'secret'},
		(resp) => {
			say('bound', resp.command_status, resp.system_id,
				resp.sc_interface_version);
			for (const t of texts)
				session.submit_sm({source_addr: 'ACME',
					destination_addr: '4917',
					registered_delivery: 1,
					short_message: t}, (r) => {
					say('submit_sm_resp', r.command_status,
						r.message_id);
					done();
				});
		});
}

({serve, deliver, send})[mode]();
