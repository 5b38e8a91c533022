-- Conditional writes for a Redis that does not have them yet: SET with IFEQ,
-- IFNE, IFDEQ or IFDNE, DELEX with one of them, and DIGEST. One script, and so
-- one step for everybody else, also inside MULTI.
--
-- KEYS[1]  the key, a string
-- ARGV[1]  SET, DELEX or DIGEST; DIGEST takes nothing more
-- ARGV[2]  the condition, in upper case
-- ARGV[3]  what it compares with: a value, or a digest in hexadecimal
-- ARGV[4]  SET only: GET, or empty
-- ARGV[5]  SET only: the new value
-- ARGV[6+] SET only: KEEPTTL, or EX, PX, EXAT, PXAT and its number
--
-- Replies  SET     OK, or nil when the condition does not hold; with GET, the old value or nil
--          DELEX   1 when the key was deleted, else 0
--          DIGEST  16 hexadecimal digits, or nil for an absent key
--          and the errors of Redis 8.4.
--
-- A digest takes time in proportion to the value, about a tenth of a second for
-- a megabyte; everything else takes hardly more than GET.

-- The digest is XXH3, 64 bits, without a seed. The numbers of Lua 5.1 hold 53
-- bits, so that a 64-bit word is two numbers below 2^32, the high one first, and
-- factors are cut into 16 bits. The operations of bit take any number modulo
-- 2^32 and give a signed one; "% W" makes it unsigned again.

local W = 4294967296
local band, bxor, rshift, floor = bit.band, bit.bxor, bit.rshift, math.floor
local unpackWords = struct.unpack

local function read64(s, offset)
	local lo, hi = unpackWords('<I4I4', s, offset + 1)
	return hi, lo
end

local function read32(s, offset)
	return (unpackWords('<I4', s, offset + 1))
end

local function add(ah, al, bh, bl)
	local lo = al + bl
	if lo >= W then
		return (ah + bh + 1) % W, lo - W
	end
	return (ah + bh) % W, lo
end

local function xor(ah, al, bh, bl)
	return bxor(ah, bh) % W, bxor(al, bl) % W
end

local function shiftRight(h, l, n)
	if n >= 32 then
		return 0, floor(h / 2 ^ (n - 32))
	end
	return floor(h / 2 ^ n), (floor(l / 2 ^ n) + h * 2 ^ (32 - n)) % W
end

local function rotateLeft(h, l, n)
	if n >= 32 then
		h, l, n = l, h, n - 32
	end
	return (h * 2 ^ n) % W + floor(l / 2 ^ (32 - n)), (l * 2 ^ n) % W + floor(h / 2 ^ (32 - n))
end

-- xorShift is h ~ (h >> n).
local function xorShift(h, l, n)
	return xor(h, l, shiftRight(h, l, n))
end

-- multiply32 is the whole product of two 32-bit numbers.
local function multiply32(a, b)
	local a0, a1, b0, b1 = a % 65536, floor(a / 65536), b % 65536, floor(b / 65536)
	local low = a0 * b0
	local mid = a0 * b1 + a1 * b0 + floor(low / 65536)
	return a1 * b1 + floor(mid / 65536), (mid % 65536) * 65536 + low % 65536
end

-- low32 is a product modulo 2^32.
local function low32(a, b)
	return ((a % 65536) * b + (floor(a / 65536) * (b % 65536) % 65536) * 65536) % W
end

local function multiply(ah, al, bh, bl)
	local hi, lo = multiply32(al, bl)
	return (hi + low32(ah, bl) + low32(al, bh)) % W, lo
end

-- fold is the 128-bit product, its upper half xored into its lower one.
local function fold(ah, al, bh, bl)
	local h0, w0 = multiply32(al, bl)
	local h1, l1 = multiply32(ah, bl)
	local h2, l2 = multiply32(al, bh)
	local w3, l3 = multiply32(ah, bh)
	local sum = h0 + l1 + l2
	local w1 = sum % W
	sum = h1 + h2 + l3 + (sum - w1) / W
	local w2 = sum % W
	w3 = w3 + (sum - w2) / W
	return bxor(w1, w3) % W, bxor(w0, w2) % W
end

local function avalanche(h, l)
	h, l = xorShift(h, l, 37)
	h, l = multiply(h, l, 0x16566791, 0x9E3779F9)
	return xorShift(h, l, 32)
end

-- avalanche64 is that of XXH64, which the shortest values use.
local function avalanche64(h, l)
	h, l = xorShift(h, l, 33)
	h, l = multiply(h, l, 0xC2B2AE3D, 0x27D4EB4F)
	h, l = xorShift(h, l, 29)
	h, l = multiply(h, l, 0x165667B1, 0x9E3779F9)
	return xorShift(h, l, 32)
end

-- secret is that of XXH3, as bytes, which are read at any offset. It is made
-- when it is needed: the conditions that compare values do without.
local secret

local function makeSecret()
	return (string.gsub(
		'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' ..
		'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' ..
		'3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' ..
		'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' ..
		'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e' ..
		'2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
		'..', function(digits) return string.char(tonumber(digits, 16)) end))
end

-- secretXor is the xor of the two words of the secret at an offset.
local function secretXor(offset)
	local h, l = read64(secret, offset)
	return xor(h, l, read64(secret, offset + 8))
end

local function digest0()
	return avalanche64(secretXor(56))
end

local function digest1to3(s, n)
	local first, middle, last = s:byte(1), s:byte(floor(n / 2) + 1), s:byte(n)
	local combined = first * 65536 + middle * 16777216 + last + n * 256
	return avalanche64(0, bxor(combined, bxor(read32(secret, 0), read32(secret, 4))) % W)
end

local function digest4to8(s, n)
	local h, l = secretXor(8)
	h, l = xor(h, l, read32(s, 0), read32(s, n - 4))
	local ah, al = rotateLeft(h, l, 49)
	local bh, bl = rotateLeft(h, l, 24)
	h, l = xor(h, l, xor(ah, al, bh, bl))
	h, l = multiply(h, l, 0x9FB21C65, 0x1E98DF25)
	ah, al = shiftRight(h, l, 35)
	h, l = xor(h, l, add(ah, al, 0, n))
	h, l = multiply(h, l, 0x9FB21C65, 0x1E98DF25)
	return xorShift(h, l, 28)
end

local function swapBytes(x)
	return (x % 256) * 16777216 + (floor(x / 256) % 256) * 65536 + (floor(x / 65536) % 256) * 256 + floor(x / 16777216)
end

local function digest9to16(s, n)
	local ah, al = secretXor(24)
	ah, al = xor(ah, al, read64(s, 0))
	local bh, bl = secretXor(40)
	bh, bl = xor(bh, bl, read64(s, n - 8))
	local h, l = add(0, n, swapBytes(al), swapBytes(ah))
	h, l = add(h, l, bh, bl)
	h, l = add(h, l, fold(ah, al, bh, bl))
	return avalanche(h, l)
end

-- mix16 adds 16 bytes of the value to h and l.
local function mix16(h, l, s, offset, secretOffset)
	local ah, al = read64(s, offset)
	ah, al = xor(ah, al, read64(secret, secretOffset))
	local bh, bl = read64(s, offset + 8)
	bh, bl = xor(bh, bl, read64(secret, secretOffset + 8))
	return add(h, l, fold(ah, al, bh, bl))
end

-- lengthTerm is the length times the first prime.
local function lengthTerm(n)
	return multiply(0, n, 0x9E3779B1, 0x85EBCA87)
end

local function digest17to128(s, n)
	local h, l = lengthTerm(n)
	for i = floor((n - 1) / 32), 0, -1 do
		h, l = mix16(h, l, s, 16 * i, 32 * i)
		h, l = mix16(h, l, s, n - 16 * (i + 1), 32 * i + 16)
	end
	return avalanche(h, l)
end

local function digest129to240(s, n)
	local h, l = lengthTerm(n)
	for i = 0, 7 do
		h, l = mix16(h, l, s, 16 * i, 16 * i)
	end
	h, l = avalanche(h, l)
	for i = 8, floor(n / 16) - 1 do
		h, l = mix16(h, l, s, 16 * i, 16 * (i - 8) + 3)
	end
	h, l = mix16(h, l, s, n - 16, 136 - 17)
	return avalanche(h, l)
end

-- accumulate adds a stripe of 64 bytes to the eight sums. Word i of the secret
-- is at high[i] and low[i], beginning with first.
local function accumulate(sumHigh, sumLow, s, offset, high, low, first)
	for i = 0, 7 do
		local dl, dh = unpackWords('<I4I4', s, offset + 8 * i + 1)
		local kh, kl = bxor(dh, high[first + i]), bxor(dl, low[first + i])

		local other = i % 2 == 0 and i + 1 or i - 1
		local sum = sumLow[other] + dl
		local carry = 0
		if sum >= W then
			sum, carry = sum - W, 1
		end
		sumLow[other] = sum
		sumHigh[other] = (sumHigh[other] + dh + carry) % W

		-- The product of the two halves of the key, as in multiply32.
		local a0, a1, b0, b1 = band(kl, 65535), rshift(kl, 16), band(kh, 65535), rshift(kh, 16)
		local product = a0 * b0
		local mid = a0 * b1 + a1 * b0 + floor(product / 65536)
		sum = sumLow[i] + (mid % 65536) * 65536 + product % 65536
		carry = 0
		if sum >= W then
			sum, carry = sum - W, 1
		end
		sumLow[i] = sum
		sumHigh[i] = (sumHigh[i] + a1 * b1 + floor(mid / 65536) + carry) % W
	end
end

local function digestLong(s, n)
	local high, low = {}, {}
	for i = 0, 23 do
		high[i], low[i] = read64(secret, 8 * i)
	end
	local sumHigh = { [0] = 0, 0x9E3779B1, 0xC2B2AE3D, 0x165667B1, 0x85EBCA77, 0, 0x27D4EB2F, 0 }
	local sumLow = {
		[0] = 0xC2B2AE3D, 0x85EBCA87, 0x27D4EB4F, 0x9E3779F9, 0xC2B2AE63, 0x85EBCA77, 0x165667C5, 0x9E3779B1,
	}

	-- Blocks of 16 stripes, each with the next word of the secret as its first.
	-- The last stripe overlaps, and has a place in the secret of its own.
	local stripes = floor((n - 1) / 64)
	for stripe = 0, stripes - 1 do
		accumulate(sumHigh, sumLow, s, 64 * stripe, high, low, stripe % 16)
		if stripe % 16 == 15 then
			for i = 0, 7 do
				local h, l = xorShift(sumHigh[i], sumLow[i], 47)
				h, l = xor(h, l, high[16 + i], low[16 + i])
				sumHigh[i], sumLow[i] = multiply(h, l, 0, 0x9E3779B1)
			end
		end
	end
	local lastHigh, lastLow = {}, {}
	for i = 0, 7 do
		lastHigh[i], lastLow[i] = read64(secret, 121 + 8 * i)
	end
	accumulate(sumHigh, sumLow, s, n - 64, lastHigh, lastLow, 0)

	local h, l = lengthTerm(n)
	for i = 0, 6, 2 do
		local ah, al = xor(sumHigh[i], sumLow[i], read64(secret, 11 + 8 * i))
		local bh, bl = xor(sumHigh[i + 1], sumLow[i + 1], read64(secret, 19 + 8 * i))
		h, l = add(h, l, fold(ah, al, bh, bl))
	end
	return avalanche(h, l)
end

local function digest(s)
	secret = makeSecret()
	local n, f = #s, digestLong
	if n == 0 then
		f = digest0
	elseif n <= 3 then
		f = digest1to3
	elseif n <= 8 then
		f = digest4to8
	elseif n <= 16 then
		f = digest9to16
	elseif n <= 128 then
		f = digest17to128
	elseif n <= 240 then
		f = digest129to240
	end
	local h, l = f(s, n)
	return bit.tohex(h) .. bit.tohex(l)
end

local operation, condition, operand = ARGV[1], ARGV[2], ARGV[3]
local old = redis.pcall('GET', KEYS[1])
if type(old) == 'table' and old.err then
	if operation == 'DELEX' then
		return redis.error_reply('ERR Key should be of string type if conditions are specified')
	end
	return old
end
if operation == 'DIGEST' then
	return old and digest(old)
end
if operation == 'DELEX' and not old then
	return 0
end

local equal
if condition == 'IFEQ' or condition == 'IFNE' then
	equal = old == operand
elseif condition == 'IFDEQ' or condition == 'IFDNE' then
	if old and #operand ~= 16 then
		return redis.error_reply('ERR must be exactly 16 hexadecimal characters')
	end
	equal = old and digest(old) == operand:lower()
else
	return redis.error_reply('ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE')
end
local holds = not equal
if condition:sub(-2) == 'EQ' then
	holds = equal
end

if operation == 'DELEX' then
	if holds then
		return redis.call('DEL', KEYS[1])
	end
	return 0
end
if holds then
	local stored = redis.pcall('SET', KEYS[1], ARGV[5], unpack(ARGV, 6))
	if stored.err or ARGV[4] ~= 'GET' then
		return stored
	end
elseif ARGV[4] ~= 'GET' then
	return false
end
return old
