throw new Error('left out: msgpackr reads strings in JavaScript');
