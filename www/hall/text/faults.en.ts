import rows from 'defs:fault-en';

export default rows;
